/** What to do about what Pulumi says of itself or its backend, where that does not say it. */
export function remediesFor(words: string): readonly string[] {
  return remedies.filter(({ isFor }) => isFor(words)).map(({ remedy }) => remedy);
}

interface Remedy {
  readonly isFor: (words: string) => boolean;
  readonly remedy: string;
}

const remedies: readonly Remedy[] = [
  {
    isFor: (words) => words.includes("failed to load Pulumi policy project"),
    remedy:
      "The policy pack is a program that Pulumi starts itself, from version 3.255 on. Update it.",
  },
  {
    isFor: isAboutState,
    remedy:
      "The backend has half of it, as when it was full. Pulumi keeps the state before in a file `.bak` beside " +
      "it, which may take its place. If there is none, remove the files of the stack from the backend, and " +
      "`review destroy --lost-state` removes what is left in the cluster.",
  },
  {
    isFor: (words) => words.includes("unexpected end of JSON input") && !isAboutState(words),
    remedy:
      "The backend has half of a lock, as when it was full. Once no run is at work on the stack, " +
      "`pulumi cancel --stack STACK` removes it; where there is no stack yet, remove what is below " +
      "`.pulumi/locks` for it.",
  },
];

function isAboutState(words: string): boolean {
  return words.includes("failed to load checkpoint");
}
