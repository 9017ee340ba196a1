import { spawn } from 'node:child_process';

/** Opens a page in the browser, if there is a desktop. Without one nothing happens. @public commands of systems use it */
export function openPage(url: string): void {
  const isMac = process.platform === 'darwin';
  const hasDesktop = isMac || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (!hasDesktop || !process.stdout.isTTY) return;
  const browser = spawn(isMac ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  browser.on('error', () => undefined);
  browser.unref();
}
