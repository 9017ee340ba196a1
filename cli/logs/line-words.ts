import { z } from 'zod';
import { duration } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Line } from './read-lines.ts';

/** Fields that a line shows elsewhere, or that only a machine reads. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'id',
  'at',
  'level',
  'message',
  'function',
  'agent',
  'taskId',
  'tenant',
  'fingerprint',
  'requestId',
  'xrayTraceId',
  'traceId',
  'spanId',
  'agentVersion',
]);

const errorSchema = z.object({ name: z.string(), message: z.string(), at: z.array(z.string()) });

/** A line for a person: `12:03:07.123 WARN  assistant  task.finished  status=failed  task-…`. */
export function lineWords(line: Line, isOfTask: boolean): string {
  const time = new Date(line.at).toTimeString().slice(0, 8);
  const ms = String(new Date(line.at).getMilliseconds()).padStart(3, '0');
  return oneLine([`${time}.${ms}`, ...wordsOf(line, isOfTask)].join('  '));
}

/** The same without its time. */
export const timelessWords = (line: Line): string => oneLine(wordsOf(line, false).join('  '));

function wordsOf(line: Line, isOfTask: boolean): readonly string[] {
  const { level, message, agent, taskId } = line;
  const rest = Object.entries(line).flatMap(([name, value]) =>
    SHOWN_ELSEWHERE.has(name) || value === undefined ? [] : [fieldWords(name, value)],
  );
  const about = isOfTask || taskId === undefined ? [] : [taskId];
  return [level.padEnd(5), agent ?? line.function, message, ...rest, ...about].filter(Boolean);
}

function fieldWords(name: string, value: unknown): string {
  const error = errorSchema.safeParse(value).data;
  if (error !== undefined) return [`${error.name}: ${error.message}`, ...error.at.slice(0, 1)].join(' ');
  if (typeof value === 'number' && value > A_TIME) return `${name}=${new Date(value).toISOString()}`;
  if (typeof value === 'number' && name.endsWith('Ms')) return `${name.slice(0, -2)}=${msWords(value)}`;
  if (typeof value === 'number' && name === 'ms') return `took=${msWords(value)}`;
  return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

/** A number that is larger is a time in milliseconds: later than 2001. */
const A_TIME = 1e12;

const msWords = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : duration(ms));
