import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programKeys } from "secure-environment";
import { type PackageSchema } from "#components/core/schemaShapes";
import { withConfigurationKeys } from "./configurationKeys";
import { referencePage } from "./referencePage";

export const repository = join(__dirname, "..", "..");

/** What the schema of the package says in files of the repository: the content by path. */
export async function writtenFiles(
  schema: PackageSchema,
): Promise<Readonly<Record<string, string>>> {
  return {
    "components/schema.json": `${JSON.stringify(schema, undefined, 2)}\n`,
    "Pulumi.yaml": withConfigurationKeys(
      committed("Pulumi.yaml"),
      "SecureEnvironment",
      schema,
      programKeys,
    ),
    "platform/Pulumi.yaml": withConfigurationKeys(
      committed("platform/Pulumi.yaml"),
      "ReviewPlatform",
      schema,
    ),
    "docs/reference.md": await referencePage(schema),
  };
}

function committed(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}
