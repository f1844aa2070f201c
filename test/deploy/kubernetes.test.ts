import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { Secret } from 'kubernetes-models/v1/Secret'
import { Service } from 'kubernetes-models/v1/Service'
import { parse } from 'yaml'
import { endpointsOf } from '../../src/app.ts'
import { schema } from '../../src/config/schema.ts'
import { folderWith } from '../helpers/folder.ts'
import { testServer } from '../helpers/server.ts'
import { FOLDER, type Manifest, ROOT, readManifests } from './manifests.ts'

const MODELS = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Secret,
  Service,
}
const manifests = readManifests(FOLDER)

/** The objects of one kind as their model; the casts are what the first test makes sure of. */
function all<K extends keyof typeof MODELS>(kind: K): Array<InstanceType<(typeof MODELS)[K]>> {
  return manifests.filter((one) => one.kind === kind).map(({ value }) => value) as never
}
function only<K extends keyof typeof MODELS>(kind: K): InstanceType<(typeof MODELS)[K]> {
  const found = all(kind)
  expect(found).toHaveLength(1)
  return found[0] as never
}

const nameOf = ({ value }: Manifest) => (value as { metadata: { name: string } }).metadata.name

const deployment = only('Deployment')
const pod = deployment.spec?.template.spec
const container = pod?.containers[0]
const labels = deployment.spec?.template.metadata?.labels
const settings = all('ConfigMap').find(({ metadata }) => metadata?.name === 'latchkey')?.data ?? {}
const files = all('ConfigMap').find(({ metadata }) => metadata?.name === 'latchkey-files')?.data ?? {}
const portOf = (name: string) => container?.ports?.find((port) => port.name === name)?.containerPort

describe('the manifests for Kubernetes', () => {
  it.each(manifests.map((one): [string, Manifest] => [`${one.kind} ${nameOf(one)}`, one]))(
    'are what Kubernetes knows: %s',
    (_name, { kind, value }) => {
      const Model = MODELS[kind as keyof typeof MODELS] as new (data: never) => { validate(): void }
      expect(() => new Model(value as never).validate()).not.toThrow()
    },
  )

  // The models take any member; their types do not.
  it('have no member that Kubernetes does not know', () => {
    const checked = manifests.map(({ kind, value }, index) => {
      const { apiVersion } = value as { apiVersion: string }
      const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
      const path = ['kubernetes-models', group === 'networking.k8s.io' ? group : group.split('.')[0], version, kind]
      const type = `import('${path.filter(Boolean).join('/')}').I${kind}`
      return `export const manifest${index}: ${type} = ${JSON.stringify(value)}`
    })
    const folder = folderWith({ 'manifests.ts': checked.join('\n'), 'package.json': '{"type":"module"}' })
    symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'))
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--types', '', '--module', 'nodenext', 'manifests.ts']
    const { stdout } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), options, {
      cwd: folder.path,
      encoding: 'utf8',
    })
    folder.remove()
    expect(stdout).toBe('')
  })

  it('are all in the kustomization but for the example of a Secret', () => {
    for (const folder of [FOLDER, join(FOLDER, 'monitoring')]) {
      const { resources } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as { resources: string[] }
      const there = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
      expect([...resources].sort()).toEqual(there.filter((name) => name !== 'secret.example.yaml').sort())
    }
  })

  it('name no namespace of their own', () => {
    const named = manifests.filter(({ value }) => 'namespace' in (value as { metadata: object }).metadata)
    expect(named).toEqual([])
  })

  it('set variables that there are, the secret ones by files', () => {
    const names = [...Object.keys(settings), ...(container?.env ?? []).map(({ name }) => name)]
    const known: string[] = Object.keys(schema)
    const unknown = names.filter((name) => !known.includes(name) && !known.includes(name.replace(/_FILE$/, '')))
    expect(unknown).toEqual([])
    const secret = Object.entries(schema).flatMap(([name, row]) => ('secret' in row && row.secret ? [name] : []))
    expect(names.filter((name) => secret.includes(name))).toEqual([])
  })

  it('set values that can be read', () => {
    for (const [name, value] of Object.entries(settings)) {
      const row = Object.entries(schema).find(([variable]) => variable === name)?.[1]
      expect(() => row?.parse(value as string)).not.toThrow()
    }
  })

  it('point to files that the Secret and the ConfigMap have', () => {
    const folders = { secrets: only('Secret').stringData ?? {}, files }
    const mounted = Object.entries(folders).flatMap(([volume, data]) => {
      const path = container?.volumeMounts?.find(({ name }) => name === volume)?.mountPath
      return Object.keys(data).map((name) => `${path}/${name}`)
    })
    const named = (container?.env ?? []).filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value)
    expect([...named].sort()).toEqual([...mounted].sort())
    const sources = (pod?.volumes ?? []).map(({ secret, configMap }) => secret?.secretName ?? configMap?.name)
    expect(sources).toEqual([only('Secret').metadata?.name, 'latchkey-files'])
  })

  it('hold no secret that could be used', () => {
    for (const value of Object.values(only('Secret').stringData ?? {})) {
      expect(value).toMatch(/^\[\]$|^MADE-BY-|USER:PASSWORD@/)
    }
  })

  it('select the pods that the deployment makes', () => {
    expect(deployment.spec?.selector.matchLabels).toEqual(labels)
    expect(all('Service').map(({ spec }) => spec?.selector)).toEqual([labels, labels])
    expect(only('PodDisruptionBudget').spec?.selector?.matchLabels).toEqual(labels)
    expect(only('NetworkPolicy').spec?.podSelector.matchLabels).toEqual(labels)
    for (const { labelSelector } of pod?.topologySpreadConstraints ?? []) {
      expect(labelSelector?.matchLabels).toEqual(labels)
    }
    const { apiVersion, kind, metadata } = deployment
    expect(only('HorizontalPodAutoscaler').spec?.scaleTargetRef).toEqual({ apiVersion, kind, name: metadata?.name })
  })

  it('agree about the ports', () => {
    expect(`${portOf('http')}`).toBe(schema.PORT.fallback)
    expect(`${portOf('metrics')}`).toBe(settings.METRICS_PORT)
    const targets = all('Service').flatMap(({ spec }) => spec?.ports?.map(({ targetPort }) => targetPort))
    expect(targets).toEqual(['http', 'metrics'])
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe]
    expect(probes.map((probe) => probe?.httpGet?.port)).toEqual(['http', 'http', 'http'])
    expect(probes.map((probe) => probe?.httpGet?.path)).toEqual(['/healthz', '/healthz', '/readyz'])
  })

  it('let in to each port only who has to be there, and out to Redis, DNS and https', () => {
    const { ingress = [], egress = [], policyTypes } = only('NetworkPolicy').spec ?? {}
    expect(policyTypes).toEqual(['Ingress', 'Egress'])
    expect(ingress.flatMap(({ ports }) => ports?.map(({ port }) => port))).toEqual([portOf('http'), portOf('metrics')])
    expect(ingress.every(({ from }) => from?.length === 1)).toBe(true)
    expect(egress.every(({ to }) => to !== undefined && to.length > 0)).toBe(true)
    expect(egress.flatMap(({ ports }) => ports?.map(({ port }) => port))).toEqual([6379, 53, 53, 443])
  })

  it('wait for longer than the server takes to stop', () => {
    // What is under way gets 10 seconds after the port has closed.
    const longest = Number(settings.DRAIN_DELAY) + 10
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(longest)
    expect(container?.lifecycle).toBeUndefined()
  })

  it('never leave fewer pods than there were', () => {
    expect(deployment.spec?.replicas).toBeGreaterThanOrEqual(2)
    expect(only('HorizontalPodAutoscaler').spec?.minReplicas).toBeGreaterThanOrEqual(2)
    expect(deployment.spec?.strategy?.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
  })

  it('run as nobody in particular, with nothing to write to and no power', () => {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    expect(pod?.securityContext?.seccompProfile).toEqual({ type: 'RuntimeDefault' })
    expect(pod?.automountServiceAccountToken).toBe(false)
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container?.resources).toMatchObject({ requests: { cpu: '1' }, limits: { memory: expect.any(String) } })
  })

  it('open every address of the server to the world but those of operators', async () => {
    const server = await testServer()
    const routes = endpointsOf(server.deps).map(({ path }) => path)
    await server.close()
    const paths = only('Ingress').spec?.rules?.flatMap(({ http }) => http?.paths ?? []) ?? []
    const open = (route: string) =>
      paths.some(({ path, pathType }) =>
        pathType === 'Exact' ? route === path : route === path || route.startsWith(`${path}/`),
      )
    expect(routes.length).toBeGreaterThan(10)
    expect(routes.filter((route) => !open(route)).sort()).toEqual(['/healthz', '/readyz'])
  })
})

describe('the manifests for the Prometheus Operator', () => {
  const monitoring = readManifests(join(FOLDER, 'monitoring'))
  const specOf = (kind: string) => {
    const { value } = monitoring.find((one) => one.kind === kind) as Manifest
    return (value as { spec: Record<string, unknown> }).spec
  }

  it('find the port of the metrics', () => {
    const service = all('Service').find(({ metadata }) => metadata?.name === 'latchkey-metrics')
    expect(specOf('ServiceMonitor').selector).toEqual({ matchLabels: service?.metadata?.labels })
    expect(specOf('ServiceMonitor').endpoints).toEqual([{ port: service?.spec?.ports?.[0]?.name, path: '/metrics' }])
  })

  it('have the alerts of the file for Prometheus', () => {
    const path = join(ROOT, 'deploy', 'prometheus', 'alerts.yaml')
    expect(specOf('PrometheusRule')).toEqual(parse(readFileSync(path, 'utf8')))
  })
})
