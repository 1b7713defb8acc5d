/** How long the API server may take for an answer, in milliseconds. */
export const patience = 10_000;
