/** The function, working each value out once. What it is given must not change. */
export function rememberedOf<Given extends object, Value>(
  make: (given: Given) => Value,
): (given: Given) => Value {
  const known = new WeakMap<Given, { readonly value: Value }>();
  return (given) => {
    const remembered = known.get(given) ?? { value: make(given) };
    known.set(given, remembered);
    return remembered.value;
  };
}
