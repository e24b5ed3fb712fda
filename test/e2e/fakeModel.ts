import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The parts of a request to a chat model that tests read. */
export interface Asked {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string; description: string } }>;
}

/** A chat model with OpenAI's interface. It calls its first tool once, and then ends. */
export class FakeModel {
	readonly asked: Asked[] = [];
	private readonly server = createServer((request, response) => {
		void this.respond(request).then((body) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(body));
		});
	});

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async respond(request: IncomingMessage): Promise<object> {
		let text = '';
		for await (const chunk of request) text += String(chunk);
		const asked = JSON.parse(text || '{}') as Asked;
		this.asked.push(asked);
		const hasResult = asked.messages.some(({ role }) => role === 'tool');
		const name = asked.tools?.[0]?.function.name ?? '';
		const call = { id: 'call_1', type: 'function', function: { name, arguments: '{}' } };
		const message = hasResult
			? { role: 'assistant', content: 'Done.' }
			: { role: 'assistant', content: null, tool_calls: [call] };
		return {
			id: 'chat_1',
			object: 'chat.completion',
			created: 0,
			model: 'fake',
			choices: [{ index: 0, message, finish_reason: hasResult ? 'stop' : 'tool_calls' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}
