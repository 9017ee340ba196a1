import { describe, expect, it } from 'vitest';
import { maskFiles } from '../../change/mask-files.ts';
import { maskText } from '../../change/secrets.ts';
import { diffed } from '../diffed.ts';

// Put together here, so that no scanner takes the test itself for a leak.
const KEYS: Readonly<Record<string, string>> = {
  'aws-access-key': ['AKIA', 'QWERTYUIOPASDFGH'].join(''),
  'github-token': `ghp_${'a1B2'.repeat(9)}`,
  'gitlab-token': `glpat-${'x9Y8'.repeat(5)}`,
  'slack-token': ['xoxb-', '123456789012-abcdef'].join(''),
  'stripe-key': ['sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join(''),
  'anthropic-key': ['sk-ant-', 'api03-abcDEF123456789012345'].join(''),
  'google-key': ['AIza', 'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'].join(''),
  'npm-token': `npm_${'aB3d'.repeat(9)}`,
};

describe('secrets', () => {
  it.each(['token', 'token=', 'eyJ-', 'password ', 'ENV token ', '-----BEGIN '])(
    'are looked for in linear time: 100 kB of %j',
    (part) => {
      const startedAt = performance.now();
      for (const path of ['', '.env', 'a.yml', 'Dockerfile']) maskText(part.repeat(100_000 / part.length), path);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  );

  it.each(Object.entries(KEYS))('masks a %s wherever it stands, and reports it without its value', (kind, key) => {
    const { files, secrets } = maskFiles([diffed('src/a.ts', [' const a = 1;', `+call("${key}", 5);`])]);
    expect(JSON.stringify({ files, secrets })).not.toContain(key);
    expect(secrets).toEqual([{ path: 'src/a.ts', line: 2, kind, quote: 'call("' }]);
  });

  it.each([
    `const password = 'hunter2Horse!';`,
    `api_key: "8f14e45fceea167a5a36dedd4bea2543"`,
    `"clientSecret": "Zm9vYmFyMTIz/+=="`,
    `private static final String AUTH_TOKEN = "tok-9f8e7d6c5b";`,
    `'secret' => 'c0rrect-h0rse',`,
    `url = "postgres://shop:s3cr3tW0rd@db:5432/shop"`,
    `signingKey := []byte("k3y-0f-th3-h0us3")`.replace('[]byte(', ''),
  ])('masks a literal that is assigned to the name of a secret: %s', (line) => {
    const { files, secrets } = maskFiles([diffed('src/a.txt', [`+${line}`])]);
    expect(files[0]?.hunks[0]?.lines[0]).toContain('‹masked:');
    expect(secrets).toHaveLength(1);
    expect(line).toContain(secrets[0]?.quote);
  });

  it.each([
    `const password = process.env.PASSWORD;`,
    `password: 'password',`,
    `const token = 'access_token';`,
    `apiKey: "\${API_KEY}"`,
    `secret = "<your secret here>"`,
    `passwordLabel = "Enter your password"`,
    `API_KEY="changeme123"`,
    `tokenType: 'BearerToken'`,
    `const tokenUrl = "https://example.com/oauth2/token"`,
    `private_key = "./keys/server-1.pem"`,
  ])('leaves what is no secret: %s', (line) => {
    const { files, secrets } = maskFiles([diffed('src/a.txt', [`+${line}`])]);
    expect(files[0]?.hunks[0]?.lines).toEqual([`+${line}`]);
    expect(secrets).toEqual([]);
  });

  it.each([
    ['.env', 'DB_PASSWORD=Sup3rS3cret99'],
    ['deploy/.env.production', 'export DB_PASSWORD=Sup3rS3cret99 # for production'],
    ['.env', 'DB_PASSWORD=a Sup3rS3cret99 with#spaces'],
    ['app.ini', 'password = Sup3rS3cret99 ; a comment'],
    ['.npmrc', '//registry.npmjs.org/:_authToken=Sup3rS3cret99'],
    ['src/main/resources/application.properties', 'spring.datasource.password=Sup3rS3cret99'],
    ['config/prod.yaml', 'password: Sup3rS3cret99'],
    ['compose.yml', '      - DB_PASSWORD=Sup3rS3cret99'],
    ['compose.yml', '    command: run --api-key=Sup3rS3cret99 --verbose'],
    ['values.yml', '  tokenValue: &token Sup3rS3cret99  # shared'],
    ['Dockerfile', 'ENV A=1 DB_PASSWORD=Sup3rS3cret99 B=2'],
    ['build/Dockerfile.dev', 'ENV DB_PASSWORD Sup3rS3cret99'],
    ['Dockerfile', 'RUN export API_KEY=Sup3rS3cret99 && make'],
    ['windows.env', 'DB_PASSWORD=Sup3rS3cret99\r'],
    ['.env', 'REDIS_URL=redis://:Sup3rS3cret99@cache:6379'],
    ['.env', 'SESSION_SECRET="a Sup3rS3cret99 in quotes"'],
    ['.env', 'SMTP_PASS=Sup3rS3cret99'],
  ])('masks and reports a value without quotes, in %s: %s', (path, line) => {
    const { files, secrets } = maskFiles([diffed(path, [`+${line}`])]);
    expect(JSON.stringify({ files, secrets })).not.toContain('S3cret99');
    expect(files[0]?.hunks[0]?.lines[0]).toContain('‹masked:');
    expect(secrets).toMatchObject([{ path, line: 1 }]);
    expect(line).toContain(secrets[0]?.quote);
  });

  it.each([
    ['.env', 'DB_PASSWORD='],
    ['.env', 'API_KEY=${API_KEY}'],
    ['.env', 'TOKEN_TTL=3600seconds'],
    ['.env', 'TOKENIZER=cl100k_base'],
    ['ci.yml', 'token: ${{ secrets.NPM_TOKEN }}'],
    ['ci.yml', 'password: *shared1Password'],
    ['ci.yml', 'id-token: write'],
    ['k8s.yaml', 'secretName: tls-certificate-v2'],
    ['k8s.yaml', 'existingSecret: database-v2'],
    ['model.yaml', 'tokenizer: gpt2-xl-v1'],
    ['api.yaml', 'description: The new password: at least 8 Characters'],
    ['messages_en.properties', 'error.password=Your password needs 8 characters'],
    ['messages_de.properties', 'label.password=Passwort:'],
    ['Dockerfile', 'ARG NPM_TOKEN=$TOKEN'],
    ['src/a.ts', 'password: Sup3rS3cret99'],
  ])('leaves a value that is no secret, in %s: %s', (path, line) => {
    const { files, secrets } = maskFiles([diffed(path, [`+${line}`])]);
    expect(files[0]?.hunks[0]?.lines).toEqual([`+${line}`]);
    expect(secrets).toEqual([]);
  });

  it.each([
    ['.env', 'DB_PASSWORD=correct-horse-battery', 1],
    ['.env', 'SECRET_KEY=correcthorsebattery', 1],
    ['.env', 'SMTP_PASS=mail-horse-battery', 1],
    ['.env', 'SESSION_SECRET="quoted horse battery"', 1],
    ['.env', 'CACHE=redis://:horse@cache:6379', 1],
    ['app.properties', 'spring.datasource.password=correct.horse-battery', 1],
    ['Dockerfile', 'ENV DB_PASSWORD correct-horse-battery', 1],
    ['prod.yaml', 'password: correct-horse-battery', 0],
    ['src/a.ts', "const client = { password: 'correct-horse-battery' };", 0],
  ])(
    'masks words that are a password by their name, and reports those of settings, in %s: %s',
    (path, line, reported) => {
      const { files, secrets } = maskFiles([diffed(path, [`+${line}`])]);
      expect(JSON.stringify({ files, secrets })).not.toContain('horse');
      expect(secrets).toHaveLength(reported);
    },
  );

  it.each([
    ['src/a.ts', "autocomplete({ password: 'new-password' })"],
    ['src/a.ts', "const passwordField = 'user-field-name';"],
    ['src/a.ts', "grantType.token = 'authorization-code';"],
    ['postgres.conf', 'password_encryption = scram-only-mode'],
    ['k8s.yaml', 'passwordSecret: database-login'],
    ['app.ini', 'password = disabled'],
    ['app.ini', 'low-pass = frequency-filter'],
    ['.env', 'COMPASS=north-by-northwest'],
  ])('leaves words that are none, in %s: %s', (path, line) => {
    expect(maskText(line, path)).toBe(line);
  });

  it('masks the values of a sample of settings, which are made up, and does not report them', () => {
    const { files, secrets } = maskFiles([diffed('.env.example', ['+DB_PASSWORD=Sup3rS3cret99'])]);
    expect(JSON.stringify(files)).not.toContain('S3cret99');
    expect(secrets).toEqual([]);
  });

  it('masks a published example, and does not report it', () => {
    const key = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
    const { files, secrets } = maskFiles([diffed('src/a.ts', [`+const id = '${key}';`])]);
    expect(files[0]?.hunks[0]?.lines).toEqual(["+const id = '‹masked:example›';"]);
    expect(secrets).toEqual([]);
  });

  it('masks the body of a private key, on removed and unchanged lines too', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const key = ['-----BEGIN RSA PRIVATE KEY-----', body, body, 'abcd==', '-----END RSA PRIVATE KEY-----', 'after'];
    for (const sign of ['+', '-', ' ']) {
      const masked = maskFiles([
        diffed(
          'key.pem',
          key.map((line) => sign + line),
        ),
      ]);
      const text = JSON.stringify(masked);
      expect(text).not.toContain('MIIE');
      expect(text).not.toContain('abcd');
      expect(text).toContain('after');
      expect(masked.secrets).toHaveLength(sign === '+' ? 1 : 0);
    }
    expect(maskText(key.join('\n'))).not.toContain('MIIE');
  });

  it('does not report a made-up literal of a test, but masks it, and reports a real key there', () => {
    const lines = [`+const password = 'hunter2Horse!';`, `+const key = '${KEYS['aws-access-key']}';`];
    const { files, secrets } = maskFiles([diffed('test/a.test.ts', lines)]);
    expect(JSON.stringify(files)).not.toMatch(/hunter2|AKIA/);
    expect(secrets.map(({ kind }) => kind)).toEqual(['aws-access-key']);
  });
});
