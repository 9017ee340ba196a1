import type { ServerResponse } from 'node:http';
import { readBlob, readPath, resolveCommit } from '../git/read.ts';
import { fullName } from '../world/repositories.ts';
import type { PullRequest, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { when } from './diff.ts';
import { html, Markup, type Part } from './html.ts';
import { pullPage, stateBadge } from './pull.ts';
import { POLICY, STYLE } from './style.ts';

/** Serves the pages: all repositories, a repository, a pull request, a file. Returns whether there is such a page. */
export async function servePage(world: World, path: string, response: ServerResponse): Promise<boolean> {
  const page = await pageOf(world, path);
  if (page === undefined) return false;
  const { title, main } = page;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${SHEET}
      </head>
      <body>
        <div class="bar">
          <span class="note">A simulation, not GitHub</span><a href="/">Simulated GitHub</a> ${page.crumbs}
        </div>
        <main>${main}</main>
      </body>
    </html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  response.writeHead(200, headers).end(document.html);
  return true;
}

/** Not of `html`: a formatter may change the space within its tags, and the policy allows exactly this style. */
const SHEET = new Markup(`<style>${STYLE}</style>`);

interface Page {
  readonly title: string;
  readonly crumbs: Part;
  readonly main: Markup;
}

async function pageOf(world: World, path: string): Promise<Page | undefined> {
  const repositories = [...world.repositories.values()];
  if (path === '/') return { title: 'Simulated GitHub', crumbs: '', main: html`${repositories.map(repositoryCard)}` };
  const [, owner = '', name = '', kind, ...rest] = path.split('/').map(decode);
  const repository = world.repository(owner, name);
  if (repository === undefined) return undefined;
  const crumbs = html`/ <a href="/${fullName(repository)}">${fullName(repository)}</a>`;
  if (kind === undefined) return { title: fullName(repository), crumbs, main: repositoryCard(repository) };
  if (kind === 'pull') {
    const pull = repository.pulls.get(Number(rest[0]));
    if (pull === undefined || rest.length > 1) return undefined;
    return { title: `${pull.title} · #${pull.number}`, crumbs, main: await pullPage(pull) };
  }
  if (kind !== 'blob') return undefined;
  const main = await blobPage(repository, rest[0] ?? '', rest.slice(1).join('/'));
  return main === undefined ? undefined : { title: rest.at(-1) ?? '', crumbs, main };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function repositoryCard(repository: Repository): Markup {
  const name = fullName(repository);
  const pulls = [...repository.pulls.values()].toReversed();
  const item = (pull: PullRequest): Markup =>
    html`<li>
      ${stateBadge(pull)} &nbsp; <a href="/${name}/pull/${pull.number}"><b>${pull.title}</b></a>
      <span class="muted">#${pull.number} by ${pull.author.login}</span> ${when(pull.updatedAt)}
    </li>`;
  const list = pulls.length === 0 ? html`<li class="muted">No pull requests.</li>` : html`${pulls.map(item)}`;
  return html`<section class="card">
    <header>
      <b><a href="/${name}">${name}</a></b>
    </header>
    <ul class="list">
      ${list}
    </ul>
  </section>`;
}

/** A file at a commit, with line numbers that links can point at. */
async function blobPage(repository: Repository, ref: string, path: string): Promise<Markup | undefined> {
  const commit = await resolveCommit(repository.path, ref);
  const entry = commit === undefined ? undefined : await readPath(repository.path, commit, path);
  if (entry === undefined || !('path' in entry)) return undefined;
  const content = ((await readBlob(repository.path, entry.sha)) ?? Buffer.alloc(0)).toString();
  const binary = content.includes('\0');
  const lines = binary ? ['A binary file.'] : content.replace(/\n$/, '').split('\n');
  const rows = lines.map(
    (text, index) =>
      html`<tr id="L${index + 1}">
        <td class="n">${index + 1}</td>
        <td class="code">${text}</td>
      </tr>`,
  );
  return html`<section class="card file">
    <header><code>${path}</code> <span class="muted">at ${ref.slice(0, 10)}</span></header>
    <div class="scroll">
      <table class="diff">
        ${rows}
      </table>
    </div>
  </section>`;
}
