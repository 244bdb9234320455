import { RunError } from "@pulumi/pulumi";

throw new RunError("domain: got nothing, give a DNS name");
