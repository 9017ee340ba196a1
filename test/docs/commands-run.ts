/** Each documented command is run by a test; if none can run it, the row says why and what is checked instead. */
export interface Run {
  readonly command: RegExp;
  readonly by: string;
  /** Code in the test that proves that it runs the command. */
  readonly proof: RegExp;
}

export const RUN: readonly Run[] = [
  {
    command: /^npm run fleet -- /,
    by: 'test/cli/documented-commands.nightly.test.ts',
    proof: /test\.each\(together\)/,
  },
  { command: /\baws [a-z]|^curl http/, by: 'test/docs/aws.nightly.test.ts', proof: /test\.each\(commands\)/ },
  {
    command: /^export AWS_ENDPOINT_URL=/,
    by: 'test/docs/aws.nightly.test.ts',
    proof: /AWS_ENDPOINT_URL: fleet\.endpoint/,
  },
  { command: /^npx cdk /, by: 'test/docs/cdk.nightly.test.ts', proof: /test\.each\(longest\)/ },
  {
    command: /^(URL=|AUTH=|TASK=\$\(curl -s -H "\$AUTH"|ID=\$\(node -p|curl -H "\$AUTH")/,
    by: 'test/docs/readme.long.test.ts',
    proof: /typed\(http\)/,
  },
  { command: /^FLEET_URL=/, by: 'test/docs/readme.long.test.ts', proof: /typed\(`unset FLEET_URL; \$\{fiveTasks\}`\)/ },
  { command: /^FLEET_URL=https:/, by: 'test/e2e/client.test.ts', proof: /five-tasks\.ts/ },
  { command: /^npm start$/, by: 'test/docs/readme.long.test.ts', proof: /'npm ci\\nnpm start'/ },
  {
    command: /^(rm -rf node_modules && )?npm ci$/,
    by: 'test/docs/readme.long.test.ts',
    proof: /npm ci --dry-run --offline/,
  },
  {
    command: /^npx esbuild /,
    by: 'test/client/bundle.test.ts',
    proof: /command\.replace\('fleet-client\.mjs', file\)/,
  },
  { command: /^npm run simulate$/, by: 'test/simulation/seeds.nightly.test.ts', proof: /SEEDS = 5_000/ },
  { command: /^npm run simulate -- --mutants$/, by: 'test/simulation/mutants.nightly.test.ts', proof: /'--mutants'/ },
  {
    command: /^npm run simulate -- --regions( --seed 15)?$/,
    by: 'test/simulation/usage.test.ts',
    proof: /simulate\('--regions', '--seed', '15'\)/,
  },
  { command: /^npm run simulate -- --seed /, by: 'test/simulation/usage.test.ts', proof: /simulate\('--seed', '5'\)/ },
  {
    command: /^npm run simulate -- --minutes /,
    by: 'test/simulation/usage.test.ts',
    proof: /'--minutes', '0\.01', '--from'/,
  },
  {
    command: /^npm run simulate -- --mutant my.patch$/,
    by: 'test/simulation/usage.test.ts',
    proof: /'--mutant', patch, '--seeds'/,
  },
  {
    command: /^npm run simulate -- --mutant my.patch --seed /,
    by: 'test/simulation/usage.test.ts',
    proof: /'--mutant', patch, '--seed', /,
  },
  {
    command: /^node test\/contract\/mutants\/run\.ts$/,
    by: 'test/contract/mutants/mutants.nightly.test.ts',
    proof: /\[PROGRAM\]/,
  },
  {
    command: /^node test\/contract\/mutants\/run\.ts due-now-not-overdue$/,
    by: 'test/contract/mutants/mutants.nightly.test.ts',
    proof: /\[PROGRAM, 'due-now-not-overdue'\]/,
  },
  {
    command: /^node packages\/simulated-github\/bin\/simulated-github\.ts --folder /,
    by: 'packages/simulated-github/test/command.test.ts',
    proof: /\[PROGRAM, '--folder', folder, [^]*start\(\['--repository'/,
  },
  {
    command:
      /^node -r \.\/bin\/check-node\.cjs packages\/simulated-market\/bin\/simulated-market\.ts --seed 7 --events 20000 > day\.jsonl$/,
    by: 'packages/simulated-market/test/command.test.ts',
    proof: /'--seed', '7', '--events', '20000'/,
  },
  {
    command: /^node packages\/simulated-web\/bin\/simulated-web\.ts --companies 50 --seed 7$/,
    by: 'packages/simulated-web/test/command.test.ts',
    proof: /'--companies', '50', '--seed', '7'/,
  },
  {
    command: /^npm run chaos/,
    by: 'systems/documents/test/chaos/chaos.long.test.ts',
    proof: /kills: 2, documents: 30/,
  },
  {
    command: /^npm run deploy:regions -- cdk\.out( |$)/,
    by: 'test/synth/rollout.test.ts',
    proof: /'bin\/deploy-regions\.ts', \.\.\.args/,
  },
  { command: /^npm run check:diff( -- |$)/, by: 'test/synth/diff.test.ts', proof: /'bin\/check-diff\.ts', \.\.\.args/ },
  {
    command: /^npm run check:corpus -- FOLDER$/,
    by: 'systems/documents/test/corpus/check-corpus.test.ts',
    proof: /corpus\(CASES, '--json'\)/,
  },
  {
    command: /^npm run check:history( -- (--worlds|\.fleet-global|FILE).*)?$/,
    by: 'test/history/command.test.ts',
    proof: /checkHistory\('--worlds', '2', '--from', '3'\)[^]*checkHistory\(file, '--json'\)/,
  },
  { command: /^npm run console$/, by: 'test/console/build.test.ts', proof: /'console\/build\.ts'/ },
  { command: /^npm run bench( -- --help)?$/, by: 'test/bench/bench.test.ts', proof: /bench\('--help'\)/ },
  {
    command: /^npm run bench -- documents$/,
    by: 'systems/documents/test/bench/documents.nightly.test.ts',
    proof: /'documents',\s+'--documents',\s+'6'/,
  },
  {
    command: /^npm run bench -- dispatch$/,
    by: 'test/bench/bench.nightly.test.ts',
    proof: /bench\('dispatch', '--messages', '\d+'/,
  },
  {
    command: /^npx vitest run systems\/exchange$/,
    by: 'test/docs/first-agent.nightly.test.ts',
    proof: /'npx vitest run systems\/exchange'/,
  },
  {
    command: /^aws secretsmanager put-secret-value --secret-id fleet-dev\/exchange-signing /,
    by: 'test/docs/first-agent.nightly.test.ts',
    proof: /\$\{putSecret\} --endpoint-url/,
  },
  {
    command: /^npm (run deadcode|uninstall)$/,
    by: 'test/docs/remove-systems.nightly.test.ts',
    proof: /knip --reporter json[^]*`npm uninstall \$\{quietly\} /,
  },
  {
    command: /^npm run bench -- burst$/,
    by: 'test/bench/bench.nightly.test.ts',
    proof: /bench\('burst', '--messages', '\d+'/,
  },
  {
    command: /^npm run bench -- traces$/,
    by: 'test/bench/bench.nightly.test.ts',
    proof: /bench\('traces', '--tasks', '\d+'/,
  },
  {
    command: /^npm run bench -- scale$/,
    by: 'test/bench/scale.test.ts',
    proof: /\['scale', '--kind'/,
  },
  {
    command: /^npm run bench -- scale --check$/,
    by: 'test/bench/bench.nightly.test.ts',
    proof: /bench\('scale', '--check'/,
  },
  {
    command: /^npm run bench -- peers$/,
    by: 'test/bench/bench.nightly.test.ts',
    proof: /bench\('peers', '--peers', 'agent-fleet'/,
  },
];
