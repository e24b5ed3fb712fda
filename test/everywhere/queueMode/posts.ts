import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../e2e/bench';
import { images, type Sample } from '../../support/engine/media';
import { chain, node } from '../../support/engine/workflows';

const IMAGES_PER_POST = 60;

const PATH = 'check-images';

/** The posts of an execution: small images with unique content. */
export function picturesOf(post: number | string): Sample[] {
	return images(IMAGES_PER_POST, `post ${post}`);
}

/** A published workflow that accepts images by webhook and responds with the node's output. */
export async function publishWebhook(bench: Bench): Promise<string> {
	const webhook = node(
		'n8n-nodes-base.webhook',
		'Webhook',
		{ httpMethod: 'POST', path: PATH, responseMode: 'lastNode', options: {} },
		{ typeVersion: 2, webhookId: 'bitmind-everywhere' },
	);
	const detect = bench.imageNode({ binaryPropertyName: '*' });
	const id = await bench.api.createWorkflow({ name: 'By webhook', ...chain([webhook, detect]) });
	await bench.api.publish(id);
	return id;
}

/** Posts the images. Returns an item for each of them from the response; none without a response. */
export async function post(
	bench: Bench,
	pictures: readonly Sample[],
	signal?: AbortSignal,
): Promise<INodeExecutionData[]> {
	const body = new FormData();
	pictures.forEach(({ content, fileName, mimeType }, index) => {
		body.append(
			`picture${index}`,
			new Blob([new Uint8Array(content)], { type: mimeType }),
			fileName,
		);
	});
	const url = `${bench.shared.url}/webhook/${PATH}`;
	for (let tries = 0; tries < 50; tries++) {
		const response = await fetch(url, { method: 'POST', body, signal });
		// The workflow was published a moment ago.
		if (response.status === 404) await sleep(200);
		else return itemsOf((await response.json()) as IDataObject, pictures.length);
	}
	return [];
}

/** The response has one item for the post, with a file for each image. */
export function itemsOf({ bitMind }: IDataObject, count: number): INodeExecutionData[] {
	const { files = [] } = (bitMind ?? {}) as { files?: Array<IDataObject & { field: string }> };
	const byField = new Map(files.map((file) => [file.field, file]));
	return Array.from({ length: count }, (_, index) => ({
		json: byField.get(`picture${index}`) ?? {},
	}));
}
