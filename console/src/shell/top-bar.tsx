import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { keyInUse } from '../api/session.ts';
import { useStore } from '../parts/store.ts';
import { signOut } from '../sign-in/sign-out.ts';
import { useFollow, useHref } from '../url/to.tsx';
import { GoTo } from './go-to.tsx';
import { isDark, switchTheme, theme } from '../parts/theme.ts';

/** The bar above every view. */
export function TopBar() {
  const mode = useStore(theme);
  const follow = useFollow();
  const href = useHref();
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'button',
      text: isDark(mode) ? 'Light' : 'Dark',
      title: 'Switch between light and dark',
      onClick: switchTheme,
    },
  ];
  if (keyInUse() !== null)
    utilities.push({
      type: 'button',
      text: 'Sign out',
      onClick: () => void signOut(),
    });
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{ href: href('/'), title: 'agent-fleet', onFollow: (event) => follow(toFollow(event, href('/'))) }}
        search={<GoTo />}
        utilities={utilities}
      />
    </div>
  );
}

const toFollow = (event: { preventDefault(): void }, href: string) => ({
  preventDefault: () => event.preventDefault(),
  detail: { href },
});
