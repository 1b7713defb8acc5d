/** Service meshes that environments can be part of. */
export const Mesh = {
  /** Linkerd, with its CNI plugin. */
  Linkerd: "linkerd",
  /** Istio with sidecars, with its CNI plugin. */
  Istio: "istio",
  /** Istio's ambient mode. */
  Ambient: "ambient",
} as const;
export type Mesh = (typeof Mesh)[keyof typeof Mesh];
