import { spawn } from "node:child_process";
import { once } from "node:events";

/** What opens an address on this system, where there is a screen. */
function openerOf(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string | undefined {
  if (platform === "darwin") {
    return "open";
  }
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? "xdg-open" : undefined;
}

/**
 * Opens an address in a browser that outlives this process.
 *
 * @returns whether there is something that opens it.
 */
export async function openInBrowser(
  address: string,
  platform = process.platform,
  environment = process.env,
): Promise<boolean> {
  const opener = openerOf(platform, environment);
  if (opener === undefined) {
    return false;
  }
  const child = spawn(opener, [address], { detached: true, stdio: "ignore", env: environment });
  const isThere = await once(child, "spawn").then(
    () => true,
    () => false,
  );
  child.unref();
  return isThere;
}
