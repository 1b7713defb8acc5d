import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inferredSchema } from "./inferredSchema";
import { repository, writtenFiles } from "./writtenFiles";

async function main(): Promise<void> {
  const files = await writtenFiles(await inferredSchema());
  for (const [path, content] of Object.entries(files)) {
    writeFileSync(join(repository, path), content);
    console.log(`wrote ${path}`);
  }
}

void main();
