/** Ordinary users of a cluster, none of whom has anything to do with review environments. */
export const people = {
  editor: { what: "a developer with `edit` in staging", user: "sarah", groups: ["staging-team"] },
  guest: {
    what: "a developer of environments who has `edit` in staging as well",
    user: "dean",
    groups: ["dev-users"],
  },
  owner: { what: "the owner of staging, with `admin` there", user: "omar", groups: [] },
  operator: { what: "an operator of the cluster", user: "olga", groups: [] },
  node: {
    what: "a kubelet",
    user: "system:node:worker-1",
    groups: ["system:nodes"],
  },
  controllers: {
    what: "the controllers of the cluster",
    user: "system:kube-controller-manager",
    groups: [],
  },
  scheduler: { what: "the scheduler", user: "system:kube-scheduler", groups: [] },
  stranger: { what: "somebody with a login and nothing else", user: "eve", groups: [] },
} as const;

export type Person = keyof typeof people;
