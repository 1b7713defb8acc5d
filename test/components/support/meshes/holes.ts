import { Mesh } from "#components/environment/mesh/meshArgs";
import { openHoles } from "#components/environment/network/holes/holes";
import {
  type ClusterNetworkArgs,
  type HoleArgs,
} from "#components/environment/network/networkArgs";
import { type OpenHole } from "#components/environment/network/holes/openHole";
import { resolvedHoles } from "../resolvedHoles";

/** The ingress controller, part of the mesh, and tests from outside, which never are. */
export const holes: HoleArgs[] = [
  {
    name: "ingress",
    direction: "ingress",
    peer: "ingressController",
    peerPodLabels: { app: "controller" },
    ports: [{ port: 8080 }],
    reason: "Reviewers open the shop in their browsers.",
  },
  {
    name: "tests",
    direction: "ingress",
    peer: "testRunner",
    cidr: "203.0.113.0/24",
    except: ["203.0.113.128/25"],
    podLabels: { app: "shop" },
    ports: [{ port: 8443 }],
    reason: "The browser tests run outside the cluster.",
  },
];

/** Where the cluster is, so that the tests from outside are certain to be outside. */
export const clusterNetwork: ClusterNetworkArgs = {
  pods: ["10.244.0.0/16"],
  services: ["10.96.0.0/12"],
  nodes: ["192.168.0.0/24"],
};

/** The holes as an environment in a mesh has them. */
export const meshHoles: readonly OpenHole[] = openHoles(
  resolvedHoles({ holes, clusterNetwork, mesh: Mesh.Linkerd }),
);
