import { dirname } from "node:path";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental";
import { PipelineAccess, ReviewPlatform, SecureEnvironment } from "secure-environment";
import { type PackageSchema } from "#components/core/schemaShapes";

/** The schema of the component package, as Pulumi infers it from the interfaces' source. */
export async function inferredSchema(): Promise<PackageSchema> {
  const provider = new ComponentProvider({
    name: "secure-environment",
    dirname: dirname(require.resolve("secure-environment/package.json")),
    components: [PipelineAccess, ReviewPlatform, SecureEnvironment],
  });
  return JSON.parse(await provider.getSchema()) as PackageSchema;
}
