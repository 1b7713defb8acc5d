import { strict as assert } from "node:assert";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

let resources = 0;

const mocks: pulumi.runtime.Mocks = {
  call: ({ inputs }) => inputs as Record<string, unknown>,
  newResource: ({ name, inputs }) => {
    resources++;
    return { id: name, state: inputs as Record<string, unknown> };
  },
};

// A preview, as no API server is there to be asked about the namespace.
void pulumi.runtime.setMocks(mocks, "review", "review-benchmark", true, "organization").then(() => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require(join(__dirname, "..", "..", "index.js")) as () => Promise<unknown>;
  return program();
});

process.on("exit", () => assert(resources > 1, "The program has made nothing."));
