import { expect, it } from 'vitest';
import { saidWords } from '#cli/tasks/said.ts';

const step = (content: unknown) => ({ index: 0, kind: 'model', startedAt: '', endedAt: '', content }) as const;

it.each([
  ['an answer’s text', [{ type: 'text', text: '42' }], '42'],
  [
    'what was called, and what was said before',
    [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-use', id: 't', name: 'look-up', input: { of: 'x' } },
    ],
    'Let me see. look-up({"of":"x"})',
  ],
  ['what a tool answered', 'x is 3', 'x is 3'],
  ['nothing of what it cannot know', [{ type: 'video' }], ''],
  ['nothing', undefined, ''],
])('shows %s', (_, content, words) => expect(saidWords(step(content))).toBe(words));
