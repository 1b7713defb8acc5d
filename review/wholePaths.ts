import { delimiter, resolve } from "node:path";

/**
 * The environment variables in which paths begin at the root: Pulumi runs in another folder than the
 * command, and takes paths from there.
 */
export function withWholePaths(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { KUBECONFIG, PULUMI_BACKEND_URL } = environment;
  return {
    ...environment,
    ...(KUBECONFIG && { KUBECONFIG: wholePaths(KUBECONFIG) }),
    ...(PULUMI_BACKEND_URL && { PULUMI_BACKEND_URL: wholeFileUrl(PULUMI_BACKEND_URL) }),
  };
}

/** The content of a kubeconfig is no path, and is refused by whoever reads it. */
function wholePaths(kubeconfig: string): string {
  return /[\n{}]/.test(kubeconfig)
    ? kubeconfig
    : kubeconfig
        .split(delimiter)
        .map((path) => path && resolve(path))
        .join(delimiter);
}

/** `file://~` is the home folder, to Pulumi. */
export function wholeFileUrl(url: string, folder = "."): string {
  const [, path] = /^file:\/\/([^/~].*)$/.exec(url) ?? [];
  return path === undefined ? url : `file://${resolve(folder, path)}`;
}
