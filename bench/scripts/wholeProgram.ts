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

void pulumi.runtime.setMocks(mocks, "review", "review-benchmark", false).then(() => {
  // Loading the program is running it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(join(__dirname, "..", "..", "index.js"));
});

process.on("exit", () => assert(resources > 1, "The program has made nothing."));
