import { platformPrefix } from "../core/platformNames";

/** What Pulumi calls the child of a component that makes an object of the platform. */
export function childNameOf(component: string, objectName: string): string {
  return `${component}-${objectName.slice(platformPrefix.length)}`;
}
