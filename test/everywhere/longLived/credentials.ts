import { IMAGE, readFiles, startNode, type Bench } from '../../e2e/bench';
import type { Emulator, RecordedRequest } from '../../support/emulator';
import { images, type Sample } from '../../support/engine/media';
import { chain } from '../../support/engine/workflows';
import { itemsOf } from '../../support/host/runOutput';
import type { Credential } from '../../support/host/workflow';
import { NEWEST, NEWEST_NAME } from '../hosts';
import { withInstallation } from '../installation';
import type { Row } from '../row';
import { Tally } from '../tally';

const ROUNDS = 20;

/** A credential, and the files that are checked with it. */
interface Subject {
	form: Credential['data'];
	samples: Sample[];
}

/** Two credentials for one server, which must never share anything. */
export async function keyAndCertificate(): Promise<Row> {
	const tally = new Tally();
	await withInstallation({ version: NEWEST }, async ({ bench }) => {
		const { emulator } = bench;
		const { client, certificates, apiKey } = emulator;
		const mtls = {
			authentication: 'oAuth2Mtls',
			clientId: client.id,
			clientCertificate: certificates.client.certificate,
		};
		await runTogether(bench, tally, [
			{ form: { authentication: 'apiKey', apiKey }, samples: images(30, 'key') },
			{ form: mtls, samples: images(30, 'certificate') },
		]);
		const requests = emulator.batchRequests;
		const withKey = requests.filter(({ authorization }) => authorization === 'apiKey');
		const withToken = requests.filter(({ authorization }) => authorization === 'token');
		tally.expect(withKey.length === withToken.length, 'each credential on its own requests');
		tally.expect(
			withKey.every(({ hasClientCertHeader }) => !hasClientCertHeader) &&
				withToken.every(({ hasClientCertHeader }) => hasClientCertHeader),
			'the certificate only with its own credential',
		);
		expectConnectionsApart(tally, withKey, withToken);
	});
	return tally.row(NEWEST_NAME, 'two credentials at the same time');
}

/** The same except for the client. One of the two also uses a certificate in the handshake. */
export async function twoClients(): Promise<Row> {
	const tally = new Tally();
	const emulator = { clientCertificate: 'optional' } as const;
	await withInstallation({ version: NEWEST, emulator }, async ({ bench }) => {
		const { client, otherClient, certificates } = bench.emulator;
		const form = ({ id: clientId, secret: clientSecret }: typeof client) => {
			const caCertificate = certificates.ca;
			return { authentication: 'oAuth2', caCertificate, clientId, clientSecret };
		};
		const handshake = {
			useClientCertificate: true,
			clientCertificate: certificates.client.certificate,
			clientKey: certificates.client.key,
		};
		const certified = { form: { ...form(client), ...handshake }, samples: images(30, 'certified') };
		const other = { form: form(otherClient), samples: images(30, 'other') };
		await runTogether(bench, tally, [certified, other]);
		expectOwnToken(tally, bench.emulator, certified.samples, client.id);
		expectOwnToken(tally, bench.emulator, other.samples, otherClient.id);
		expectOwnHandshake(tally, bench.emulator);
	});
	return tally.row(NEWEST_NAME, 'two OAuth clients at the same time');
}

/** Runs a workflow for each of them at the same time, again and again. */
async function runTogether(bench: Bench, tally: Tally, subjects: Subject[]): Promise<void> {
	const ids: string[] = [];
	for (const { form, samples } of subjects) {
		bench.credential = await bench.createCredential(form);
		const detect = bench.imageNode({ options: { batchSize: 3 } });
		const workflow = chain([startNode(), readFiles(await bench.write(samples)), detect]);
		ids.push(await bench.api.createWorkflow({ name: 'Beside another', ...workflow }));
	}
	for (let round = 0; round < ROUNDS; round++) {
		const runs = await Promise.all(ids.map((id) => bench.api.runWorkflow(id, 'Start')));
		runs.forEach((run, index) => {
			const expected = subjects[index]!.samples.map(({ verdict }) => verdict);
			tally.add(itemsOf(run, IMAGE), expected);
		});
	}
}

/** The files of a request show which workflow sent it. */
function expectOwnToken(
	tally: Tally,
	{ batchRequests }: Emulator,
	samples: readonly Sample[],
	clientId: string,
): void {
	const own = new Set(samples.map(({ sha256 }) => sha256));
	const requests = batchRequests.filter(({ files }) => files.some(({ sha256 }) => own.has(sha256)));
	const { length } = requests.filter(({ tokenClient }) => tokenClient === clientId);
	const isRight = requests.length > 0 && length === requests.length;
	tally.expect(isRight, `${length} of ${requests.length} requests with the token of ${clientId}`);
}

/** Counts all requests, including those for a token. */
function expectOwnHandshake(tally: Tally, { requests, client, otherClient }: Emulator): void {
	const of = (id: string) => requests.filter(({ tokenClient }) => tokenClient === id);
	const [certified, other] = [of(client.id), of(otherClient.id)];
	tally.expect(
		certified.every(({ handshakeCertificate }) => handshakeCertificate === 'registered') &&
			other.every(({ handshakeCertificate }) => handshakeCertificate === 'none'),
		"the certificate only in its own client's handshakes",
	);
	tally.expect(certified.length + other.length === requests.length, 'a client for each request');
	expectConnectionsApart(tally, certified, other);
}

function expectConnectionsApart(
	tally: Tally,
	some: readonly RecordedRequest[],
	others: readonly RecordedRequest[],
): void {
	const own = new Set(some.map(({ connection }) => connection));
	const isShared = others.some(({ connection }) => own.has(connection));
	tally.expect(!isShared, 'no connection used by both');
}
