/** A share as a length of CSS. */
export const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
