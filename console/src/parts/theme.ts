import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { storeOf } from './store.ts';

const NAME = 'agent-fleet.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const chosen = (): Mode | null => {
  const name = localStorage.getItem(NAME);
  return name === Mode.Dark || name === Mode.Light ? name : null;
};
const current = (): Mode => chosen() ?? (system.matches ? Mode.Dark : Mode.Light);

/** Light or dark: what the person chose, else what the system prefers. */
export const theme = storeOf<Mode>(current());

/** Shows the theme, and follows the system until a person chooses. */
export function showTheme(): void {
  applyMode(theme.get());
  system.addEventListener('change', () => apply(current()));
}

export function switchTheme(): void {
  const next = theme.get() === Mode.Dark ? Mode.Light : Mode.Dark;
  localStorage.setItem(NAME, next);
  apply(next);
}

export const isDark = (mode: Mode): boolean => mode === Mode.Dark;

function apply(mode: Mode): void {
  applyMode(mode);
  theme.set(mode);
}
