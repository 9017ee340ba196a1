import type { DiffFile } from '../git/diff.ts';
import type { DiffLine, Hunk } from '../git/hunks.ts';
import type { Anchor, PullRequest, ReviewComment, User } from '../world/types.ts';
import { isoTime } from '../world/world.ts';
import { html, type Markup } from './html.ts';
import { markdown } from './markdown.ts';

const SIGNS = { added: '+', removed: '-', context: ' ' } as const;

export const person = ({ id, login, type }: User): Markup =>
  html`<span class="avatar a${id % 6}">${login.slice(0, 2).toUpperCase()}</span><b>${login}</b>${
      type === 'Bot' ? html` <span class="muted">bot</span>` : ''
    }`;

export const when = (time: number): Markup =>
  html`<span class="muted">${isoTime(time).replace('T', ' ').replace('Z', ' UTC')}</span>`;

/** A file's card: its hunks, with the threads below the lines that they are about. */
export function fileCard(file: DiffFile, comments: readonly ReviewComment[]): Markup {
  const { filename, previous, additions, deletions, status, patch, hunks } = file;
  const name = previous === undefined ? filename : `${previous} → ${filename}`;
  const placed = comments.filter(({ current }) => current !== null);
  const others = comments.filter(({ current }) => current === null);
  const rows = patch === undefined ? [] : hunks.flatMap((hunk) => hunkRows(hunk, placed));
  const missing = additions + deletions > 0 ? 'The diff is too large to show.' : emptyText(file);
  return html`<section class="card file" id="${anchorOf(filename)}">
    <header>
      <code>${name}</code> <span class="plus">+${additions}</span> <span class="minus">−${deletions}</span>
      <span class="muted">${status}</span>
    </header>
    ${others.length > 0 ? html`<div class="body">${threads(others, [])}</div>` : ''}
    ${
      patch === undefined
        ? html`<div class="body muted">${missing}</div>`
        : html`<div class="scroll">
            <table class="diff">
              ${rows}
            </table>
          </div>`
    }
  </section>`;
}

function emptyText({ status, sha }: DiffFile): string {
  if (status === 'renamed') return 'Renamed without changes.';
  return sha.startsWith('e69de29') ? 'An empty file.' : 'A binary file, or only its mode has changed.';
}

export const anchorOf = (filename: string): string => `file-${Buffer.from(filename).toString('base64url')}`;

function hunkRows(hunk: Hunk, comments: readonly ReviewComment[]): Markup[] {
  const header = html`<tr class="hunk">
    <td class="n"></td>
    <td class="n"></td>
    <td class="code">${hunk.header}</td>
  </tr>`;
  return [
    header,
    ...hunk.lines.flatMap((line) => {
      const here = comments.filter(({ current }) => isAt(current, line));
      return here.length === 0 ? [lineRow(line)] : [lineRow(line), threadRow(here, hunk)];
    }),
  ];
}

const isAt = (anchor: Anchor | null, line: DiffLine): boolean =>
  anchor !== null && (anchor.side === 'LEFT' ? line.left : line.right) === anchor.line;

function lineRow({ kind, left, right, text, noNewline }: DiffLine): Markup {
  const end = noNewline ? html` <span class="muted" title="No newline at the end of the file">⊘</span>` : '';
  return html`<tr class="${kind}">
    <td class="n">${left}</td>
    <td class="n">${right}</td>
    <td class="code"><span class="sign">${SIGNS[kind]}</span>${text}${end}</td>
  </tr>`;
}

function threadRow(comments: readonly ReviewComment[], hunk: Hunk): Markup {
  return html`<tr class="thread">
    <td colspan="3">${threads(comments, hunk.lines)}</td>
  </tr>`;
}

const threads = (comments: readonly ReviewComment[], lines: readonly DiffLine[]): Markup[] =>
  comments.map((comment) => commentCard(comment, replacedLines(comment, lines)));

/** The lines that a suggestion would replace. */
function replacedLines({ current }: ReviewComment, lines: readonly DiffLine[]): string[] {
  if (current === null) return [];
  const number = (line: DiffLine): number | undefined => (current.side === 'LEFT' ? line.left : line.right);
  const first = current.startLine ?? current.line;
  return lines
    .filter((line) => (number(line) ?? 0) >= first && (number(line) ?? Infinity) <= current.line)
    .map(({ text }) => text);
}

function commentCard(comment: ReviewComment, replaced: readonly string[]): Markup {
  const { id, user, createdAt, body, current, original, subject, inReplyTo } = comment;
  const range = (anchor: Anchor): string =>
    anchor.startLine === null ? `line ${anchor.line}` : `lines ${anchor.startLine} to ${anchor.line}`;
  const place = subject === 'file' ? 'on the file' : `on ${range(current ?? original ?? NOWHERE)}`;
  const outdated = subject === 'line' && current === null ? html` <span class="state wait">Outdated</span>` : '';
  return html`<article class="comment ${inReplyTo === undefined ? '' : 'reply'}" id="discussion_r${id}">
    <header>${person(user)} <span class="muted">${place}</span>${outdated} ${when(createdAt)}</header>
    <div class="body">${markdown(body, replaced)}</div>
  </article>`;
}

const NOWHERE: Anchor = { side: 'RIGHT', line: 0, startSide: null, startLine: null, position: 0 };

/** The comments of a pull request that everybody can see, each answer behind its first comment. */
export function visibleComments(pull: PullRequest): ReviewComment[] {
  const shown = [...pull.comments.values()].filter(({ review }) => review.state !== 'PENDING');
  return shown.sort((a, b) => (a.inReplyTo ?? a).id - (b.inReplyTo ?? b).id || a.id - b.id);
}
