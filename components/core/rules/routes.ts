/**
 * Filters of HTTPRoutes that lead nowhere, or whose target is judged (`RequestMirror`). Not among
 * them: `ExternalAuth`, which sends each request to a backend first, and `ExtensionRef`, whose meaning
 * is the implementation's.
 * See https://gateway-api.sigs.k8s.io/reference/spec/#httproutefiltertype
 */
export const routeFilters: readonly string[] = [
  "CORS",
  "RequestHeaderModifier",
  "RequestMirror",
  "RequestRedirect",
  "ResponseHeaderModifier",
  "URLRewrite",
];
