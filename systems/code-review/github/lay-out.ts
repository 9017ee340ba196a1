import type { ChangedFile } from '../change/changed-file.ts';
import { linesOf, numberOn } from '../change/hunk.ts';
import { keysOf } from '../findings/key.ts';
import type { ReviewedFinding } from '../findings/merge.ts';
import type { Review } from '../findings/review.ts';

/** A finding with its key. */
export interface Keyed {
  readonly finding: ReviewedFinding;
  readonly key: string;
}

/** Where each finding of a review is shown, the strongest first. */
export interface Layout {
  /** At their lines. */
  readonly inline: readonly Keyed[];
  /** In the text. */
  readonly listed: readonly Keyed[];
  /** Said by an earlier review, and where. */
  readonly open: readonly (Keyed & { readonly url: string })[];
}

/**
 * Decides where each finding of a review is shown. What an earlier review has said is not said again.
 * @param files the diff as GitHub shows it: a comment outside it makes GitHub reject the whole review
 * @param said where earlier reviews have said a finding, by its key
 */
export function layOut(
  { findings }: Review,
  files: readonly ChangedFile[],
  { said, maxInline }: { readonly said: ReadonlyMap<string, string>; readonly maxInline: number },
): Layout {
  const keys = keysOf(findings);
  const keyed = findings.map((finding, at): Keyed => ({ finding, key: keys[at] ?? '' }));
  const fresh = keyed.filter(({ key }) => !said.has(key));
  const inline = fresh.filter(({ finding }) => isInDiff(finding, files)).slice(0, maxInline);
  return {
    inline,
    listed: fresh.filter((each) => !inline.includes(each)),
    open: keyed.flatMap((each) => {
      const url = said.get(each.key);
      return url === undefined ? [] : [{ ...each, url }];
    }),
  };
}

/**
 * Whether all lines of a finding are in one hunk of the diff, on its side, with the quoted text: GitHub may compare with
 * another base, where removed lines have other numbers.
 */
function isInDiff({ file, side, startLine, line, quote }: ReviewedFinding, files: readonly ChangedFile[]): boolean {
  const [first = ''] = quote.split('\n');
  const hunks = files.find(({ path }) => path === file)?.hunks ?? [];
  return hunks.some((hunk) => {
    const texts = new Map(linesOf(hunk).map((each) => [numberOn(each, side), each.text]));
    return texts.has(line) && texts.get(startLine)?.includes(first) === true;
  });
}

/** The same with the comments of some findings in the text. None is lost because of a line. */
export function withoutLines({ inline, listed, open }: Layout, isGone: (finding: ReviewedFinding) => boolean): Layout {
  const gone = inline.filter(({ finding }) => isGone(finding));
  return { inline: inline.filter((each) => !gone.includes(each)), listed: [...gone, ...listed], open };
}
