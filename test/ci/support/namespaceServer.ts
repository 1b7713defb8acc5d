import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";

/** A server that knows review environments of the project `review`, by the names of their stacks. */
export async function namespaceServer(...stacks: readonly string[]): Promise<FakeApiServer> {
  const server = await FakeApiServer.start();
  const namespaces = stacks.map((stack) => ({
    kind: "Namespace",
    metadata: {
      name: stack,
      labels: { "secure-environment/project": "review", "secure-environment/stack": stack },
    },
  }));
  const selector = encodeURIComponent("secure-environment/kind=review");
  const list = { kind: "NamespaceList", items: namespaces };
  server.answers = Object.fromEntries([
    [`/api/v1/namespaces?labelSelector=${selector}&limit=500`, { status: 200, body: list }],
    ...namespaces.map((body) => [
      `/api/v1/namespaces/${body.metadata.name}`,
      { status: 200, body },
    ]),
  ]);
  return server;
}
