import { type ApiRequest, bent } from "../../support/apiRequests";
import { administeredObjects } from "./administered";
import { newClaim, newIngress, newRoute } from "./guestRequests";
import { login } from "./places";

/** What stands in the environment that is attacked, and waits to be changed. */
export function standing(): ApiRequest[] {
  const applied = [newIngress, newRoute, newClaim].map((request) =>
    bent(request(login), { metadata: { name: "shop" } }),
  );
  return [...applied, ...administeredObjects];
}
