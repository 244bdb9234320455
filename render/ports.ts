/** Where the containers of the server's task listen. They share one network namespace (awsvpc), hence one loopback. */
export interface GatewayPorts {
  /** nginx: the only port that the load balancer reaches. */
  nginx: number;
  /** oauth2-proxy, on loopback. */
  oauth2Proxy: number;
  /** Prefect, on loopback. */
  prefect: number;
}

export const ports: GatewayPorts = { nginx: 8080, oauth2Proxy: 4180, prefect: 4200 };

/** Answers only where the request's Host is not the domain, which is how the load balancer's health checks come. */
export const healthCheckPath = "/gateway/health";
