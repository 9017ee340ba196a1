import { z } from 'zod';
import { parsePatchOf } from '../change/parse-diff.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import { SPECIALISTS } from '../findings/finding.ts';
import type { Review } from '../findings/review.ts';
import { asFarAsRead } from './as-far-as-read.ts';
import { GithubClient } from './client.ts';
import { composeReview, composeSpecialist } from './compose-review.ts';
import { liftEarlierVerdicts, replyToFixed } from './follow-up.ts';
import { layOut, withoutLines, type Layout } from './lay-out.ts';
import { reviewMarker } from './markers.ts';
import { readOwnPosts, saidBefore } from './own-posts.ts';
import { isOwnReview } from './own-review.ts';
import { patiently, Poster, pullSchema, type OpenPull } from './poster.ts';
import type { Published, Publishing, Target } from './publishing.ts';

const fileSchema = z.object({ filename: z.string(), patch: z.string().optional() });

/** GitHub has rejected reviews of more than 30 comments as abuse, and people read few. */
const MAX_INLINE = 10;

/**
 * Posts a review once: first the specialists' findings at their lines, then replies to what is fixed, and last the review
 * with the verdict. GitHub has no idempotency key, so each has a hidden marker, which is looked for before each attempt. A
 * repetition goes on where the last one stopped; once the verdict is there, nothing is left to do.
 * Throws `GithubError` when GitHub keeps failing or rejects the review.
 */
export async function publishReview(publishing: Publishing, target: Target, review: Review): Promise<Published> {
  const { pull, files } = await openPull(publishing, target);
  const from = await publishing.mergeBase(pull.base, target.head);
  const read = asFarAsRead(review, { target, from, paths: files.map(({ filename }) => filename) });
  const poster = new Poster(publishing, pull, target);
  const posting = { kind: 'review', marker: reviewMarker(target) } as const;
  const obstacle = await poster.patient(() => poster.whatStops(posting));
  if (obstacle !== null) return obstacle;
  const posts = await poster.patient(() => readOwnPosts(pull.client, pull.path, pull.isOwn));
  const { maxInline = MAX_INLINE } = publishing;
  const planned = layOut(read, files.flatMap(changedFile), { said: saidBefore(posts, target), maxInline });
  const isOne = publishing.posting !== 'by-specialist';
  const layout = isOne ? planned : await postSpecialists(poster, target, planned);
  if ('kind' in layout) return layout;
  const followUp = { poster, pull, target, posts };
  await replyToFixed(followUp, read.fixed ?? []);
  const notes = await liftEarlierVerdicts(followUp, read);
  const ending = { marker: posting.marker, footer: publishing.footer, notes };
  const whole = composeReview(read, layout, isOne ? layout.inline : [], ending);
  const listed = composeReview(read, isOne ? withoutLines(layout, () => true) : layout, [], ending);
  const published = await poster.post(posting, whole, listed);
  if (published.kind === 'line-gone') throw new Error('A review without comments has no line that can be gone.');
  return published.kind === 'posted' && read !== review ? { ...published, note: read.because } : published;
}

async function openPull(publishing: Publishing, { repository, number }: Target) {
  const client = new GithubClient(publishing.access);
  const path = `/repos/${repository}/pulls/${number}`;
  const isOwn = await patiently(publishing, async () => isOwnReview(client, publishing.login));
  const files = await patiently(publishing, async () => client.list(`${path}/files`, fileSchema));
  const { base } = await patiently(publishing, async () => client.get(path, pullSchema));
  const pull: OpenPull = { client, path, base: base.sha, isOwn };
  return { pull, files };
}

/**
 * Posts one review for each specialist that found something new, in series, since GitHub rejects simultaneous ones.
 * Returns the layout that is left for the summary, or why nothing more may be posted.
 */
async function postSpecialists(
  poster: Poster,
  target: Target,
  planned: Layout,
): Promise<Layout | Extract<Published, { kind: 'not-posted' }>> {
  let layout = planned;
  for (const agent of SPECIALISTS) {
    const inline = layout.inline.filter(({ finding }) => finding.agent === agent);
    if (inline.length === 0) continue;
    const marker = reviewMarker(target, agent);
    const posted = await poster.post({ kind: 'specialist', marker }, composeSpecialist(agent, inline, marker), null);
    if (posted.kind === 'not-posted') return posted;
    if (posted.kind === 'line-gone') layout = withoutLines(layout, (finding) => finding.agent === agent);
  }
  return layout;
}

/** A file without a patch is binary or too large: nothing of it can be commented on. */
function changedFile({ filename, patch }: z.infer<typeof fileSchema>): ChangedFile[] {
  const hunks = patch === undefined ? null : parsePatchOf(patch);
  return hunks === null ? [] : [{ path: filename, status: 'modified', hunks }];
}
