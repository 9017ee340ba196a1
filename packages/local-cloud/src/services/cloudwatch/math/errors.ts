/** An expression that is not valid, or that the local CloudWatch does not support. The message names what and why. */
export class MathError extends Error {}
