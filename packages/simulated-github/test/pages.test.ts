import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHROMIUM, chromium } from '../../../test/support/chromium.ts';
import { markdown } from '../src/page/markdown.ts';
import { REPOSITORY, withPullRequest } from './support.ts';

const EVIL = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';

/** A pull request whose every text tries to be markup. */
async function evilPullRequest() {
  const setup = await withPullRequest();
  const { github, send, pull } = setup;
  const files = { 'evil.ts': `${EVIL}\nsafe\u202Etext\n`, [`${EVIL.slice(0, 20)}.ts`.replaceAll('/', '_')]: 'x\n' };
  await github.push({ repository: REPOSITORY, branch: 'feature', files });
  await pull.edit({ title: EVIL, body: EVIL });
  pull.comment('octocat', `[here](javascript:alert(1)) ![image](https://evil.example/x.png) ${EVIL}`);
  const suggestion = `**high** Why?\n\n\`\`\`suggestion\n${EVIL}\n\`\`\`\n<!-- fleet:hidden -->`;
  const comments = [
    { path: 'evil.ts', line: 1, body: suggestion },
    { path: 'src/cart.ts', line: 10, body: 'About ten' },
  ];
  await send('POST', 'reviews', {
    event: 'REQUEST_CHANGES',
    body: `<details><summary>${EVIL}</summary>${EVIL}`,
    comments,
  });
  const output = { title: EVIL, summary: EVIL };
  const run = { name: EVIL, head_sha: pull.headSha(), conclusion: 'failure', output };
  await send('POST', `/repos/${REPOSITORY}/check-runs`, run);
  return setup;
}

describe('the page of a pull request', () => {
  it('shows the diff with the comments in place', async () => {
    const { pull } = await evilPullRequest();
    const page = await (await fetch(pull.url)).text();
    const [added, comment, next] = ['ten', 'About ten', 'line 11'].map((text) => page.indexOf(text));
    expect(added).toBeGreaterThan(0);
    expect(comment).toBeGreaterThan(added ?? 0);
    expect(next).toBeGreaterThan(comment ?? 0);
    for (const text of ['Changes requested', 'Suggested change', 'requested changes', 'fleet-review[bot]', 'failure'])
      expect(page).toContain(text);
  });

  it('escapes all content and allows one style and nothing else', async () => {
    const { pull, github } = await evilPullRequest();
    for (const url of [
      pull.url,
      github.url,
      `${github.url}/${REPOSITORY}`,
      `${github.url}/${REPOSITORY}/blob/feature/evil.ts`,
    ]) {
      const response = await fetch(url);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).not.toMatch(/<(img|script|a [^>]*(javascript|evil))/i);
      expect(page).not.toContain('fleet:hidden');
      expect(page).not.toContain('\u202E');
      const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(response.headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
    }
  });

  it('does not exist for an unknown pull request, repository or file', async () => {
    const { github } = await withPullRequest();
    for (const path of ['pull/2', 'pull/1/files', 'blob/main/absent', 'blob/main/..%2F..', 'issues'])
      expect((await fetch(`${github.url}/${REPOSITORY}/${path}`)).status).toBe(404);
    expect((await fetch(`${github.url}/octo-org/absent`)).status).toBe(404);
  });

  it.skipIf(CHROMIUM === undefined)('runs nothing in Chromium (apt-get install chromium)', async () => {
    const { pull } = await evilPullRequest();
    const dom = await chromium('--dump-dom', pull.url);
    expect(dom).toContain('onerror=');
    expect(dom).not.toContain('<title>owned');
    expect(dom).not.toContain('<img');
  });
});

describe('Markdown', () => {
  it.each([
    ['**bold** and `co<de>`', '<p><b>bold</b> and <code>co&lt;de&gt;</code></p>'],
    ['\\*\\*not bold\\*\\* \\`a\\` \\<b\\>', '<p>**not bold** `a` &lt;b&gt;</p>'],
    ['_slanted_ and snake_case_name', '<p><i>slanted</i> and snake_case_name</p>'],
    ['a\n<!-- hidden -->b', '<p>a\nb</p>'],
    ['<!-- never closed', ''],
    ['text\n# Title', '<p>text</p><h4>Title</h4>'],
    ['- one\n- two', '<ul><li>one</li><li>two</li></ul>'],
    ['> quoted', '<blockquote><p>quoted</p></blockquote>'],
    ['[text](https://a.example)', '<p>text <span class="url">https://a.example</span></p>'],
    [
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '<table class="plain"><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>',
    ],
    ['````\n```\nx\n```\n````', '<pre><code>```\nx\n```</code></pre>'],
    ['```\nnever closed', '<pre><code>never closed</code></pre>'],
    ['<details><summary>More</summary>\n\ntext\n</details>', '<details><summary>More</summary><p>text</p></details>'],
  ])('%j', (text, expected) => {
    // Space around tags means nothing here.
    const compact = (source: string): string => source.replace(/\s*(<[^>]+>)\s*/g, '$1').trim();
    expect(compact(markdown(text).html)).toBe(compact(expected));
  });

  it.each([
    '`',
    '**',
    '[',
    '[a](',
    '_a',
    '<details>\n',
    '>',
    '> ',
    '\n',
    '- \n',
    '|\n',
    '<!--',
    '```\n',
    '\\',
    '#',
    '~~~',
  ])('of 65,536 characters of %j is shown', (piece) => {
    const text = piece.repeat(65_536 / piece.length);
    expect(markdown(text).html.length).toBeLessThan(20 * 65_536);
  });
});
