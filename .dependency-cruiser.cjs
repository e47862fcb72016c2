/**
 * The rooms of the repository and what each may import (docs/architecture). A type-only import leaves no trace in the
 * running code, but still ties two rooms together, so it counts unless a rule says otherwise.
 */
const functions = '^lambdas/(?!core/|adapters/|api/)([^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-imports-only-itself',
      comment: 'The rules know no AWS, environment, clock or randomness; ports are types.',
      severity: 'error',
      from: { path: '^lambdas/core/' },
      to: {
        path: '^(lambdas|lib|local|cli|scripts|test)/',
        pathNot: '^lambdas/core/',
        // A peer is at hand for whoever imports us; it is a development dependency here as well.
        dependencyTypesNot: ['type-only', 'npm-peer'],
      },
    },
    {
      name: 'core-types-from-ports-only',
      severity: 'error',
      from: { path: '^lambdas/core/' },
      to: {
        path: '^(lambdas|lib|local|cli|scripts|test)/',
        pathNot: '^lambdas/(core/|ports\\.ts$)',
        dependencyTypes: ['type-only'],
      },
    },
    {
      name: 'core-without-aws',
      severity: 'error',
      from: { path: '^lambdas/core/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|aws-)' },
    },
    {
      name: 'adapters-import-core-and-ports',
      severity: 'error',
      from: { path: '^lambdas/adapters/' },
      to: {
        path: '^(lambdas|lib|local|cli|scripts|test)/',
        pathNot: '^lambdas/(adapters/|core/|ports\\.ts$|tables\\.ts$|env\\.ts$)',
      },
    },
    {
      name: 'api-imports-core',
      comment: 'The route table is read by the stack and by clients: nothing of AWS may come with it.',
      severity: 'error',
      from: { path: '^lambdas/api/' },
      to: { path: '^(lambdas|lib|local|cli|scripts|test)/', pathNot: '^lambdas/(api/|core/|ports\\.ts$)' },
    },
    {
      name: 'functions-keep-to-themselves',
      comment: 'One function per trust boundary: what two of them need belongs into core or adapters.',
      severity: 'error',
      from: { path: functions },
      to: { path: functions, pathNot: '^lambdas/$1/' },
    },
    {
      name: 'production-without-development',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|client|portal|cli)/' },
      to: { path: '^(local|test|bench|scripts)/' },
    },
    {
      name: 'local-runs-bundles',
      comment: 'The local cloud runs what deploys; importing it would be a second way in.',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(lambdas|lib|bin|cli|test|bench)/' },
    },
    {
      name: 'lib-imports-route-table-and-types',
      comment: 'Beside them, the names that the template and its functions must write alike.',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        path: '^(lambdas|bin|cli)/',
        pathNot:
          '^lambdas/(api/(routes|types|problem|viewer-address)\\.ts$|core/(configuration|errors|request-headers|messages/(catalogue|look)|session/(claims|provider-attempt))\\.ts$|tables\\.ts$)',
      },
    },
    {
      name: 'bin-imports-lib',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^(lambdas|cli|local)/' },
    },
    {
      name: 'cli-imports-core',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(lambdas|lib|bin)/', pathNot: '^lambdas/(core|adapters)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'It is published: not even a type of ours may come with it.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: '^client/' },
    },
    {
      name: 'portal-imports-client',
      comment: 'The pages know of the API what every app knows of it.',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^(bin|lib|lambdas|local|cli|scripts|bench|test)/' },
    },
    {
      name: 'deployed-without-client',
      comment: 'The client is for apps; tests and examples may use it as apps do.',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|local|cli)/' },
      to: { path: '^(client|portal)/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      // `aws-lambda` is a package of types only (@types/aws-lambda).
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
    {
      name: 'runtime-packages-are-dependencies',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|local|cli)/', pathNot: '^lib/rules/template-rules\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg'],
        // A peer is at hand for whoever imports us; it is a development dependency here as well.
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: '@types/',
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|\\.vestibule)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
