import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Page {
	content: Buffer | string;
	type: string;
}

/** A web server that serves files by their path, and keeps the JSON that it receives. */
export class WebServer {
	readonly posts: unknown[] = [];
	/** The status of the response to a post. */
	status = 200;

	private constructor(private readonly server: Server) {}

	static async start(pages: Readonly<Record<string, Page>> = {}): Promise<WebServer> {
		const server = createServer((request, response) => {
			const page = pages[request.url ?? ''];
			if (request.method === 'POST') {
				let body = '';
				request.setEncoding('utf8').on('data', (text: string) => (body += text));
				request.on('end', () => {
					if (web.status === 200) web.posts.push(JSON.parse(body));
					response.writeHead(web.status).end();
				});
			} else if (page) {
				response.writeHead(200, { 'content-type': page.type }).end(page.content);
			} else {
				response.writeHead(404).end('There is nothing here');
			}
		});
		const web = new WebServer(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return web;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
