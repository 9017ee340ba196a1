const NAME = 'agent-fleet.key';

/** The key or token of this browser tab. Null on one machine, where a cookie that no script can read stands for it. */
export const keyInUse = (): string | null => sessionStorage.getItem(NAME);

/** Keeps a key until the tab is closed. */
export const keepKey = (key: string): void => sessionStorage.setItem(NAME, key);

export const forgetKey = (): void => sessionStorage.removeItem(NAME);
