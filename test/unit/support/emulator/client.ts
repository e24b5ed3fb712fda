import { Agent, FormData, fetch, type Dispatcher } from 'undici';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../support/emulator';

export interface ReceivedResponse {
	status: number;
	text: string;
	json: any;
}

export interface TestFile {
	content: Buffer;
	type: string;
	name: string;
}

const open: { close(): Promise<unknown> }[] = [];

/** Closes something after the current test. */
export function closeAfterwards(resource: { close(): Promise<unknown> }): void {
	open.push(resource);
}

afterEach(async () => {
	await Promise.all(open.splice(0).map((resource) => resource.close()));
});

export async function emulatorWith(options: EmulatorOptions = {}): Promise<Emulator> {
	const emulator = await startEmulator(options);
	closeAfterwards(emulator);
	return emulator;
}

/** A new agent for each use, so that no connection of an earlier test is reused. */
export function agent(connect: Record<string, unknown> = {}): Agent {
	const dispatcher = new Agent({ connect });
	closeAfterwards({ close: () => dispatcher.destroy() });
	return dispatcher;
}

export const jpeg = (text: string): TestFile => ({
	content: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text)]),
	type: 'image/jpeg',
	name: 'a.jpg',
});

export function ftyp(brand: string, compatible = ''): Buffer {
	const box = Buffer.concat([Buffer.alloc(4), Buffer.from(`ftyp${brand}\0\0\0\0${compatible}`)]);
	box.writeUInt32BE(box.length);
	return box;
}

export function formOf(files: readonly TestFile[], field = 'images'): FormData {
	const form = new FormData();
	for (const { content, type, name } of files) {
		form.append(field, new Blob([content], { type }), name);
	}
	return form;
}

interface Sending {
	headers?: Record<string, string>;
	dispatcher?: Dispatcher;
}

export async function post(
	emulator: Emulator,
	path: string,
	body: FormData | URLSearchParams | Buffer,
	{ headers, dispatcher = agent() }: Sending = {},
): Promise<ReceivedResponse> {
	const response = await fetch(`${emulator.url}${path}`, {
		method: 'POST',
		body,
		headers: { authorization: `Bearer ${emulator.apiKey}`, ...headers },
		dispatcher,
	});
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, text, json };
}

export const images = (emulator: Emulator, ...files: TestFile[]) =>
	post(emulator, '/batch_image', formOf(files));

export const certHeader = (pem: string) => ({
	'x-client-cert': Buffer.from(pem).toString('base64'),
});
