// Ends with one sentence under a Node that cannot run TypeScript. CommonJS in old syntax, so that any Node can read it.
'use strict';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `agent-fleet needs Node ${NEEDED} or later, but ${process.execPath} is Node ${process.versions.node}: run \`npm ci\` without --omit=optional, which installs Node ${NEEDED} on Linux, or install it from https://nodejs.org.`,
  );
  process.exit(1);
}
