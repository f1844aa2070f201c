// Node's own ESM support in jest is experimental and leaks, so tests run as CommonJS; `npm start` runs the same sources
// as ES modules, which the smoke test in .ci/run covers. The packages named here are published as ES modules only.
const ESM_ONLY = ['jose', 'openid-client', 'oauth4webapi']
// CommonJS, but it imports node:http as it runs, which only that experimental support could do untransformed.
const IMPORTS_LATE = ['@opentelemetry/otlp-exporter-base']

/** A transformer for one syntax. No .swcrc: this is its only home. */
function swc(syntax) {
  return [
    '@swc/jest',
    {
      swcrc: false,
      jsc: { parser: { syntax }, target: 'es2023' },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ]
}

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': swc('typescript'), '\\.js$': swc('ecmascript') },
  transformIgnorePatterns: [`/node_modules/(?!(${[...ESM_ONLY, ...IMPORTS_LATE].join('|')})/)`],
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
  maxWorkers: 2,
  // Far above what anything takes, be it argon2, a browser or a child process on a machine that is busy with other things:
  // only what never comes is to fail, and the helpers that wait for something give up before, and say for what.
  testTimeout: 120_000,
}
