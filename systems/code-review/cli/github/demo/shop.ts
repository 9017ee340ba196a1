import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Files = Readonly<Record<string, string>>;

/** The demo's code base, and the pull request with planted defects. Its files are text, so that no tool takes them for ours. */
export const readShop = (): { readonly main: Files; readonly change: Files } => ({
  main: readFiles('shop-main.txt'),
  change: readFiles('shop-change.txt'),
});

export const PULL_REQUEST = {
  branch: 'refunds',
  title: 'Refund orders, search customers, add up prices',
  body: 'Support asked for refunds and for a search by name. The nightly job reports the total of all prices.',
};

/** Each file begins with a line of three dashes and its path. */
function readFiles(name: string): Files {
  const parts = readFileSync(join(import.meta.dirname, name), 'utf8')
    .split(/^--- /m)
    .slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}
