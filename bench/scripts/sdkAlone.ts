// What a program costs that does nothing.
import "@pulumi/pulumi";
