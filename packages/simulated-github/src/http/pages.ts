import { ApiError } from './api-error.ts';
import type { Answer, Call } from './route.ts';

export const DEFAULT_PER_PAGE = 30;
export const MAX_PER_PAGE = 100;

function numberOf(call: Call, name: string, fallback: number): number {
  const value = call.query.get(name);
  return value !== null && /^\d{1,9}$/.test(value) && Number(value) > 0 ? Number(value) : fallback;
}

/** The page that a call asks for. GitHub corrects what is out of range. */
export function pageOf(call: Call): { page: number; perPage: number } {
  const perPage = Math.min(MAX_PER_PAGE, numberOf(call, 'per_page', DEFAULT_PER_PAGE));
  return { page: numberOf(call, 'page', 1), perPage };
}

/** Cuts a list to the page that the call asks for, with the header `Link` to the other pages. */
export function paged<T>(call: Call, all: readonly T[]): { items: T[]; headers: Record<string, string> } {
  const { page, perPage } = pageOf(call);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const links = [
    page > 1 ? link(call, { page: Math.min(page - 1, last) }, 'prev') : '',
    page < last ? link(call, { page: page + 1 }, 'next') : '',
    page < last ? link(call, { page: last }, 'last') : '',
    page > 1 ? link(call, { page: 1 }, 'first') : '',
  ].filter(Boolean);
  const items = all.slice((page - 1) * perPage, page * perPage);
  return { items, headers: links.length === 0 ? {} : { link: links.join(', ') } };
}

export function link(call: Call, parameters: Readonly<Record<string, string | number>>, rel: string): string {
  const url = new URL(call.path, call.world.url);
  for (const [name, value] of call.query) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return `<${url.href}>; rel="${rel}"`;
}

/** Answers with a page of a list. */
export function listAnswer<T>(call: Call, all: readonly T[], view: (item: T) => unknown): Answer {
  const { items, headers } = paged(call, all);
  return { status: 200, json: items.map((item) => view(item)), headers };
}

/** Reads `since`, `state` and other parameters that have few values. */
export function oneOf<const T extends string>(call: Call, name: string, values: readonly T[], fallback: T): T {
  const value = call.query.get(name) ?? fallback;
  const known = values.find((each) => each === value);
  if (known !== undefined) return known;
  throw new ApiError(422, `Invalid value for parameter ${name}: ${value}`);
}
