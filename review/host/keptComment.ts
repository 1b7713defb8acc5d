import { type ChangeRequest, type ChangeRequests, type OwnComment } from "./changeRequests";
import { type CommentText, markerOf } from "./commentText";

/** What was done about the comment. */
export type CommentChange = "created" | "edited" | "unchanged" | "none";

/**
 * Keeps one comment on an environment: the oldest of those that this identity wrote. What two runs wrote at
 * once, or a repeated request, becomes one again. Nothing of others is touched, whatever it says.
 *
 * @param mayCreate whether one is made where there is none.
 * @throws ReviewError when the host refuses.
 */
export async function keepComment(
  requests: ChangeRequests,
  request: ChangeRequest,
  text: CommentText,
  mayCreate: boolean,
): Promise<CommentChange> {
  const found = await commentsOn(requests, request, text);
  if (found.length > 0) {
    return settle(requests, request, text, found);
  }
  if (!mayCreate) {
    return "none";
  }
  await requests.create(request, text.body);
  await settle(requests, request, text, await commentsOn(requests, request, text));
  return "created";
}

async function commentsOn(
  requests: ChangeRequests,
  request: ChangeRequest,
  { environment }: CommentText,
): Promise<readonly OwnComment[]> {
  const own = await requests.ownComments(request);
  return own.filter(({ body }) => markerOf(body)?.environment === environment);
}

async function settle(
  requests: ChangeRequests,
  request: ChangeRequest,
  { fingerprint, body }: CommentText,
  [kept, ...others]: readonly OwnComment[],
): Promise<CommentChange> {
  const isChanged = kept !== undefined && markerOf(kept.body)?.fingerprint !== fingerprint;
  if (isChanged) {
    await requests.edit(request, kept, body);
  }
  for (const other of others) {
    await requests.remove(request, other);
  }
  return isChanged ? "edited" : "unchanged";
}
