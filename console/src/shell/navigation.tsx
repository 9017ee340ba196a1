import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation } from 'wouter';
import { useFollow, useHref } from '../url/to.tsx';

const VIEWS = [
  { text: 'Overview', path: '/' },
  { text: 'Tasks', path: '/tasks' },
  { text: 'Runs', path: '/runs' },
  { text: 'Sessions', path: '/sessions' },
  { text: 'Escalations', path: '/escalations' },
  { text: 'Submit a task', path: '/submit' },
] as const;
const OPERATION = [
  { text: 'Incident', path: '/incident' },
  { text: 'Pools', path: '/pools' },
  { text: 'Alarms', path: '/alarms' },
  { text: 'Logs', path: '/logs' },
  { text: 'Bulk actions', path: '/bulk' },
  { text: 'Usage and budgets', path: '/usage' },
] as const;

/** The views, by what a person wants to do. */
export function Navigation() {
  const [path] = useLocation();
  const follow = useFollow();
  const href = useHref();
  const links = (views: readonly { readonly text: string; readonly path: string }[]): SideNavigationProps.Link[] =>
    views.map(({ text, path }) => ({ type: 'link', text, href: href(path) }));
  return (
    <SideNavigation
      activeHref={href(`/${path.split('/')[1] ?? ''}`)}
      onFollow={follow}
      items={[...links(VIEWS), { type: 'divider' }, ...links(OPERATION)]}
    />
  );
}
