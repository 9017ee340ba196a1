import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useLocation, useRouter } from 'wouter';

/** Handles a click on a link of Cloudscape within the page. Clicks with a modifier key open a tab, as everywhere. */
export function useFollow(): (event: {
  preventDefault(): void;
  detail: { href?: string; external?: boolean };
}) => void {
  const [, navigate] = useLocation();
  const { base } = useRouter();
  return (event) => {
    const { href, external } = event.detail;
    if (href === undefined || external === true || !href.startsWith(base)) return;
    event.preventDefault();
    navigate(href.slice(base.length) || '/');
  };
}

/** The address of a path of the console. */
export function useHref(): (path: string) => string {
  const { base } = useRouter();
  return (path) => `${base}${path}`;
}

interface ToProps {
  readonly path: string;
  readonly children: ReactNode;
  readonly variant?: LinkProps.Variant;
}

/** A link to another view. */
export function To({ path, children, variant = 'secondary' }: ToProps) {
  const follow = useFollow();
  const href = useHref();
  return (
    <Link href={href(path)} onFollow={follow} variant={variant}>
      {children}
    </Link>
  );
}

/** A link to a task by the beginning of its id. The whole id is its title. */
export function TaskLink({ id }: { readonly id: string }) {
  return (
    <span className="id" title={id}>
      <To path={taskPath(id)}>{shortId(id)}</To>
    </span>
  );
}

/** A link to a run, as `TaskLink`. */
export function RunLink({ id }: { readonly id: string }) {
  return (
    <span className="id" title={id}>
      <To path={runPath(id)}>{shortId(id)}</To>
    </span>
  );
}

/** `task-0123456789…`: what tells ids apart in a table. Ids that people chose stay whole. */
const shortId = (id: string): string => (/-[0-9a-f]{16,}$/.test(id) ? `${id.slice(0, id.lastIndexOf('-') + 11)}…` : id);

export const taskPath = (id: string): string => `/tasks/${encodeURIComponent(id)}`;
export const alarmPath = (name: string): string => `/alarms/${encodeURIComponent(name)}`;
export const bulkPath = (id: string): string => `/bulk/${encodeURIComponent(id)}`;
export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const poolPath = (agent: string): string => `/pools/${encodeURIComponent(agent)}`;
export const sessionPath = (id: string): string => `/sessions/${encodeURIComponent(id)}`;
