/* SPDX-License-Identifier: Apache-2.0
 *
 * \file A shared object that is not a model.
 */
int mscrt_no_model_here = 1;
