/** The name of the stream's router: a part of its items' keys, and of the keys of what it sets aside. */
export const ROUTER = 'market';
