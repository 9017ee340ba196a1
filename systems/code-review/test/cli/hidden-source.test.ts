import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRange } from '../../cli/git/read-range.ts';
import { testRepository } from '../repository.ts';

describe('a change that would hide its source', () => {
  it.each([
    ['in its own commits', true],
    ['in the checked-out files, which are its own', false],
    ['in a folder below the top', true],
  ])('is shown whatever .gitattributes says, %s', async (where, committed) => {
    const repository = testRepository();
    const { folder, git } = repository;
    const top = where.includes('below') ? 'sub/' : '';
    repository.commit('Start', {
      [`${top}a.js`]: 'one();\n',
      [`${top}old.js`]: 'old();\nolder();\noldest();\n',
      [`${top}gone.js`]: 'gone();\n',
      'image.png': Uint8Array.of(0, 1, 2),
    });
    renameSync(join(folder, top, 'old.js'), join(folder, top, 'new.js'));
    repository.commit('Hide', {
      ...(committed && { [`${top}.gitattributes`]: '*.js -diff\n*.py binary\nb.sh diff=none linguist-generated\n' }),
      [`${top}a.js`]: 'two();\n',
      [`${top}b.py`]: 'three()\n',
      [`${top}b.sh`]: 'four\n',
      [`${top}new.js`]: 'old();\nolder();\noldest();\nnewest();\n',
      [`${top}gone.js`]: null,
      'image.png': Uint8Array.of(0, 1, 3),
    });
    git('config', 'diff.none.binary', 'true');
    if (!committed) writeFileSync(join(folder, '.gitattributes'), '* -diff\n');
    const { files } = await readRange({ repository: join(folder, top), base: 'main~1', head: 'main' });
    const lines = files
      .filter(({ path }) => !path.endsWith('.gitattributes'))
      .flatMap((file) => [
        `${file.status} ${file.path}${file.isBinary ? ' binary' : ''}`,
        ...file.hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith(' ')),
      ]);
    expect(lines).toEqual([
      ...(top === '' ? [] : ['modified image.png binary']),
      `modified ${top}a.js`,
      '-one();',
      '+two();',
      `added ${top}b.py`,
      '+three()',
      `added ${top}b.sh`,
      '+four',
      `deleted ${top}gone.js`,
      '-gone();',
      ...(top === '' ? ['modified image.png binary'] : []),
      `renamed ${top}new.js`,
      '+newest();',
    ]);
  });
});
