import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { countsProcessorTime, withProcessorTime } from "../../bench/processes";

/** Half a second of work, by a process and by a child that it leaves behind. */
const work = `
  const microseconds = ({ user, system }) => user + system;
  while (microseconds(process.cpuUsage()) < 500_000);
`;
const script = `
  require("node:child_process")
    .spawn(process.execPath, ["-e", ${JSON.stringify(work)}], { detached: true, stdio: "inherit" })
    .unref();
  ${work}
`;

describe("the processor time of a command", function () {
  this.timeout(180_000);

  before(function () {
    if (!countsProcessorTime) {
      this.skip();
    }
  });

  it("is that of all its processes, also of those that it does not wait for", async () => {
    const { cpuSeconds } = await withProcessorTime("PROCESSOR_TIME_TEST=a", () => runMarked("a"));
    expect(cpuSeconds).to.be.within(0.9, 2);
  });

  it("is not that of anybody else", async () => {
    const { cpuSeconds } = await withProcessorTime("PROCESSOR_TIME_TEST=b", () => runMarked("a"));
    expect(cpuSeconds).to.equal(0);
  });
});

/** Runs until the last process that inherited the output has ended. */
async function runMarked(value: string): Promise<void> {
  const env = { ...process.env, PROCESSOR_TIME_TEST: value };
  const child = spawn(process.execPath, ["-e", script], { env });
  child.stdout.resume();
  await once(child.stdout, "close");
}
