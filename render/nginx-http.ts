import { type GatewayPorts, ports as taskPorts } from "./ports";

/** What every nginx.conf of the server's task has in common. */
export interface NginxOptions {
  /** The public host name, lower case: `prefect.example.com`. */
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  /** Networks whose X-Forwarded-For is believed: those of the load balancers. */
  trustedProxyCidrs: string[];
  /** Seconds without a byte before nginx gives up on Prefect or a client; the load balancers' idle timeout is below. */
  idleTimeoutSec: number;
  /** @default the task's ports */
  ports?: GatewayPorts;
  /** A writable directory. @default "/tmp" */
  dir?: string;
  /** @default "/dev/stdout" */
  accessLog?: string;
}

/** Prefect answers a client's 4 MB log batch; nginx's default of 1 MB would refuse it. */
const maxBody = "16m";

/**
 * A whole nginx.conf round the servers given: no secret in it. `credentials.conf` beside it comes from the container's
 * start.
 */
export function nginxFile(
  { trustedProxyCidrs, idleTimeoutSec, ports = taskPorts, dir = "/tmp", accessLog = "/dev/stdout" }: NginxOptions,
  about: string,
  parts: { upstreams?: string; maps: string; servers: string[] },
): string {
  return `# ${about}
worker_processes 2;
pid ${dir}/nginx.pid;
error_log stderr warn;

events {
  worker_connections 4096;
}

http {
  include ${dir}/credentials.conf;
  default_type application/octet-stream;
  server_tokens off;
  client_body_temp_path ${dir}/client_body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;

  # The path without its query: a callback's query holds the login's code.
  log_format gateway escape=json '{"time":"$time_iso8601","client":"$remote_addr","person":"$person","machine":"$remote_user",'
    '"method":"$request_method","path":"$uri","status":$status,"bytes":$body_bytes_sent,'
    '"seconds":$request_time,"upstreamSeconds":"$upstream_response_time","agent":"$http_user_agent"}';
  access_log ${accessLog} gateway;

  # The load balancer appends the client's address; only that last entry is believed.
${trustedProxyCidrs.map((cidr) => `  set_real_ip_from ${cidr};`).join("\n")}
  real_ip_header X-Forwarded-For;
  real_ip_recursive off;

  client_max_body_size ${maxBody};
  client_header_timeout 10s;
  client_body_timeout 15s;
  # Longer than the load balancer's idle timeout, or it would reuse a connection that nginx has just closed.
  keepalive_timeout ${idleTimeoutSec + 15}s;
  reset_timedout_connection on;
  # Session cookies of several 4 kB pieces, both ways.
  large_client_header_buffers 4 32k;
  proxy_buffer_size 32k;
  proxy_buffers 8 32k;
  proxy_busy_buffers_size 64k;
  # /tmp is memory: answers that a slow client does not take yet wait at Prefect and not there.
  proxy_max_temp_file_size 0;
  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  # Prefect pings its sockets every 20 s, so this also does for sockets that live for days.
  proxy_read_timeout ${idleTimeoutSec}s;
  proxy_send_timeout ${idleTimeoutSec}s;
  absolute_redirect off;

  upstream prefect {
    server 127.0.0.1:${ports.prefect};
    # Prefect keeps idle connections for 75 s: nginx closes first, so no request meets a closing connection.
    keepalive 32;
    keepalive_timeout 60s;
  }
${parts.upstreams ?? ""}
${parts.maps}

  # Wrong credentials are slowed down, right ones never ($failing_client is empty then).
  limit_req_zone $failing_client zone=failing:1m rate=10r/s;
  limit_req_status 429;

${parts.servers.join("\n")}}
`;
}

/** A Host that is none of ours: health checks of the load balancers, and nothing else. */
export function healthServer(listen: number, healthCheckPath: string, answer: string): string {
  return `  # A Host that is not ours: health checks of the load balancer, and nothing else.
  server {
    listen ${listen} default_server;
    server_name _;
    location = ${healthCheckPath} {
      access_log off;
      if ($request_method !~ "^(GET|HEAD)$") {
        return 405;
      }
${answer}
    }
    location / {
      return 404;
    }
  }
`;
}

/** A string of ours in nginx's language. @throws Error where nginx would read something else than was written */
export function quoted(text: string): string {
  if (/['$\\]/.test(text)) throw new Error(`nginx would misread ', $ or \\ in: ${text}`);
  return `'${text}'`;
}
